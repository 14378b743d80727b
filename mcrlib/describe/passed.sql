-- uses: holders
-- Every hand-over of an account from one person to another, also through a pool. A change of who sold is none: it shows
-- only where the account went on ordering.
select
    account_id,
    changed_date,
    old_owner,
    new_owner
from (
    select
        account_id,
        valid_from as changed_date,
        lag(owner_id) over (partition by account_id order by valid_from nulls first) as old_owner,
        owner_id as new_owner
    from holders
    where owner_id is not null and coalesce(source, 'crm') <> 'orders'
) as followed
where old_owner <> new_owner and changed_date is not null
