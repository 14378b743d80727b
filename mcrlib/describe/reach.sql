-- uses: persons
-- How far we reach into each customer with contacts: people known and in touch, and their number if all were equally
-- close (inverse Simpson of engagement).
select
    persons.account_id,
    count(*) as n_contacts,
    cast(sum(persons.is_active) as bigint) as n_active,
    cast(sum(persons.is_key) as bigint) as n_key,
    cast(sum(persons.is_key * persons.is_active) as bigint) as n_key_active,
    1 / nullif(cast(sum(cast(
        persons.engagement / nullif(cast(whole.engagement as double), 0)
        * (persons.engagement / nullif(cast(whole.engagement as double), 0)) as decimal(18, 10)
    )) as double), 0) as effective,
    max(accounts.employees) as employees
from persons
inner join accounts on persons.account_id = accounts.account_id
left join (select account_id, sum(engagement) as engagement from persons group by account_id) as whole
    on persons.account_id = whole.account_id
group by persons.account_id
order by persons.account_id
