-- People of theirs by name within their account, of those whose name is kept: how many records are a second one of the
-- same person, and how many of these somebody of another department of ours made.
select
    cast(count(*) as bigint) as n_named,
    cast(coalesce(sum(case when place > 1 then 1 else 0 end), 0) as bigint) as n_again,
    cast(coalesce(sum(case when place > 1 and department <> first_department then 1 else 0 end), 0) as bigint)
        as n_elsewhere
from (
    select
        owners.department,
        row_number() over same as place,
        first_value(owners.department) over same as first_department
    from contacts
    left join owners on contacts.owner_id = owners.owner_id
    where
        contacts.contact_name is not null
        and coalesce(contacts.created_date <= cast($as_of as date), true)
    window same as (
        partition by contacts.account_id, lower(replace(contacts.contact_name, ' ', ''))
        order by contacts.created_date nulls first, contacts.contact_id
    )
) as named
