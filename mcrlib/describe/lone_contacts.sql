-- uses: touches
-- People of theirs whom in the last three years only the present holder of the account met, the weightiest first.
select
    met.account_id,
    met.contact_id,
    met.seller as owner_id,
    contacts.contact_name,
    contacts.title,
    contacts.level,
    contacts.function,
    cast(
        case
            when contacts.decision_role in ('decision_maker', 'approver') or contacts.is_key_person then 3
            when contacts.decision_role = 'evaluator' or contacts.level in ('exec', 'senior') then 2
            else 1
        end as bigint
    ) as power,
    cast(met.n_touches as bigint) as n_touches,
    met.last_date
from (
    select
        touches.account_id,
        coalesce(activity_contacts.contact_id, activities.contact_id) as contact_id,
        min(touches.seller) as seller,
        count(distinct touches.activity_id) as n_touches,
        max(touches.activity_date) as last_date
    from touches
    inner join activities on touches.activity_id = activities.activity_id
    left join activity_contacts on touches.activity_id = activity_contacts.activity_id
    where touches.age <= 1095 and touches.seller is not null
    group by touches.account_id, coalesce(activity_contacts.contact_id, activities.contact_id)
    having count(distinct touches.seller) = 1
) as met
inner join accounts on met.account_id = accounts.account_id and met.seller = accounts.owner_id
inner join contacts on met.contact_id = contacts.contact_id
where
    coalesce(contacts.left_date > cast($as_of as date), coalesce(contacts.status, 'active') <> 'left')
order by met.account_id, power desc, met.contact_id
