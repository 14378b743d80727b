-- One row per account with contacts: how many people, functions and levels we know at $as_of.
-- Whether a contact has left is a state without history: seen from a later export ($frozen) only dated facts count.
select
    account_id,
    count(*) as n_contacts,
    count(distinct function) as n_functions,
    count(distinct level) as n_levels
from contacts
where
    coalesce(created_date <= cast($as_of as date), not $frozen)
    and coalesce(left_date > cast($as_of as date), $frozen or coalesce(status, 'active') <> 'left')
group by account_id
