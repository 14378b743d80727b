-- uses: persons
-- Customers of whom we know people with level and function, in thirds by employees; 0 where these are not known.
select
    known.account_id,
    case when known.employees is null then 0
        else ntile(3) over (partition by known.employees is null order by known.employees, known.account_id) end as band
from (
    select distinct accounts.account_id, accounts.employees
    from accounts
    inner join persons on accounts.account_id = persons.account_id
    where persons.level is not null and persons.function is not null
) as known
