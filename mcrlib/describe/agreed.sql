-- One row per contract known at $as_of: by its signing, else its first day. Whether it is in force: what has ended is
-- not, its last day tells of the others, and without one only the word that it is active; else nobody knows.
-- Its state has no history: seen from a later export ($frozen) only its days count. A contract that ended before its
-- last day did so by $as_of, when is not told: that is its last day, and its money what was due until then.
select
    contract_id,
    account_id,
    contract_name,
    kind,
    signed_date,
    start_date,
    case when ended_early then cast($as_of as date) else end_date end as end_date,
    case
        when ended_early and start_date is not null
            then amount * greatest(date_diff('day', start_date, cast($as_of as date)), 0)
                / nullif(cast(date_diff('day', start_date, end_date) as double), 0)
        else amount
    end as amount,
    is_exclusive,
    locked_projects,
    ended_early,
    case
        when state = 'ended' then false
        when end_date is not null then end_date >= cast($as_of as date)
        when state = 'active' then true
    end as is_live
from (
    select
        contract_id,
        account_id,
        contract_name,
        kind,
        coalesce(signed_date, start_date) as signed_date,
        start_date,
        end_date,
        cast(amount as double) as amount,
        is_exclusive,
        locked_projects,
        case when not $frozen then status end as state,
        coalesce(not $frozen and status = 'ended' and end_date > cast($as_of as date), false) as ended_early
    from contracts
    where coalesce(signed_date, start_date) <= cast($as_of as date)
) as known
