-- The tier that the CRM gave each account at $as_of, where its history tells; empty where it does not.
-- Before the first change that the history holds of any account, nothing is known.
select
    accounts.account_id,
    case
        when earlier.new is not null then earlier.new
        when (select min(changed_date) from tier_history) <= cast($as_of as date)
            then coalesce(later.old, accounts.tier_crm)
    end as tier_crm
from accounts
left join (
    select
        object_id,
        new,
        row_number() over (partition by object_id order by changed_date desc, change_id desc) as place
    from tier_history
    where changed_date <= cast($as_of as date)
) as earlier on accounts.account_id = earlier.object_id and earlier.place = 1
left join (
    select
        object_id,
        old,
        row_number() over (partition by object_id order by changed_date, change_id) as place
    from tier_history
    where changed_date > cast($as_of as date)
) as later on accounts.account_id = later.object_id and later.place = 1
order by accounts.account_id
