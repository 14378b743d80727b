-- The key persons of customers: marked so, with a decisive part, or of a high level and in a deal.
select contacts.contact_id
from contacts
left join (select distinct contact_id from opportunity_contacts) as in_deals
    on contacts.contact_id = in_deals.contact_id
where
    coalesce(contacts.is_key_person, false)
    or contacts.decision_role in ('decision_maker', 'approver')
    or (contacts.level in ('exec', 'senior') and in_deals.contact_id is not null)
