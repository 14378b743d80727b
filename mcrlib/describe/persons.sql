-- uses: ties, key_contacts
-- The people we know at each customer at the as-of date: their weight in decisions, and whether we are in touch.
select
    contacts.account_id,
    contacts.contact_id,
    contacts.level,
    contacts.function,
    -- support as recorded, -2 to +2, brought to 0 to 1
    cast((contacts.support + 2) / cast(4 as double) as decimal(18, 10)) as support,
    cast(
        case
            when contacts.decision_role in ('decision_maker', 'approver') then 3
            when contacts.decision_role = 'evaluator' then 2
            else 1
        end * case when contacts.level = 'exec' then 1.5 else 1 end as decimal(6, 2)
    ) as power,
    case when key_contacts.contact_id is not null then 1 else 0 end as is_key,
    case when held.engagement >= 1 and held.is_two_way = 1 then 1 else 0 end as is_active,
    held.engagement,
    held.n_sellers,
    held.only_seller
from contacts
left join (
    select
        contact_id,
        sum(engagement) as engagement,
        max(is_two_way) as is_two_way,
        count(distinct seller) as n_sellers,
        min(seller) as only_seller
    from ties
    where contact_id is not null and engagement >= 0.1
    group by contact_id
) as held on contacts.contact_id = held.contact_id
left join key_contacts on contacts.contact_id = key_contacts.contact_id
where
    coalesce(contacts.created_date <= cast($as_of as date), true)
    and coalesce(contacts.left_date > cast($as_of as date), coalesce(contacts.status, 'active') <> 'left')
