-- Deals as they were known at $as_of. A deal that closed later counts as open, and its final stage, amount and
-- closing day are empty. Seen from a later export ($frozen), nothing that changes without history is shown:
-- the owner, and stage and amount of open deals.
select
    opportunity_id,
    account_id,
    case when $frozen then null else owner_id end as owner_id,
    case when shown then stage end as stage,
    case when shown then stage_std end as stage_std,
    case when closed_by_then then outcome else 'open' end as status,
    case when shown then cast(case when outcome = 'won' then coalesce(amount_actual, amount) else amount end as double)
    end as amount,
    created_date,
    expected_close_date,
    case when closed_by_then then closed_date end as closed_date,
    cast(date_diff(
        'day', created_date, case when closed_by_then then coalesce(closed_date, cast($as_of as date))
        else cast($as_of as date) end
    ) as double) as age_days
from (
    select
        known.*,
        (closed_by_then or (not $frozen and outcome = 'open')) as shown
    from (
        select
            labelled.*,
            -- closed without a day: when is not known, so it is closed today and was open in a frozen past
            (outcome <> 'open' and coalesce(closed_date <= cast($as_of as date), not $frozen)) as closed_by_then
        from (
            select
                opportunities.*,
                coalesce(
                    status, case when stage_std in ('won', 'lost', 'void') then stage_std else 'open' end
                ) as outcome
            from opportunities
            where not coalesce(is_deleted, false)
        ) as labelled
    ) as known
    where
        created_date <= cast($as_of as date)
        or closed_date <= cast($as_of as date)
        or (created_date is null and not $frozen)
) as seen
order by opportunity_id
