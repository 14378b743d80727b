-- Every change of holder in its order, and before the first one the holder whom it names as the one before.
-- Of several changes on one day, which form a chain, only the last counts; owner_id is empty for a pool or a machine.
select
    account_id,
    owner_id,
    changed_date,
    source,
    lag(owner_id) over (partition by account_id order by changed_date nulls first) as before,
    row_number() over (partition by account_id order by changed_date nulls first) = 1 as is_first,
    row_number() over (partition by account_id order by changed_date desc nulls last) = 1 as is_last
from (
    select distinct
        now.object_id as account_id,
        case when coalesce(now.is_person, true) then now.new end as owner_id,
        now.changed_date,
        now.source
    from owner_history as now
    left join owner_history as later
        on now.object_id = later.object_id and now.changed_date = later.changed_date
        and now.new = later.old and now.change_id <> later.change_id
    where later.object_id is null
    union all
    select
        first.object_id as account_id,
        min(first.old) as owner_id,
        cast(null as date) as changed_date,
        min(first.source) as source
    from owner_history as first
    left join owner_history as earlier
        on first.object_id = earlier.object_id
        and first.change_id <> earlier.change_id
        and (
            earlier.changed_date < first.changed_date
            or (earlier.changed_date = first.changed_date and earlier.new = first.old)
        )
    where earlier.object_id is null and first.old is not null
    group by first.object_id
) as found
