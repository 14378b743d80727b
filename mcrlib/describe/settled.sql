-- How long the cases of two years took until they were settled, a mean by account; what is open has no length yet.
select
    account_id,
    'days' as part,
    cast(sum(date_diff('day', opened_date, closed_date)) as double) / nullif(count(*), 0) as value,
    count(*) as n
from cases
where
    closed_date >= opened_date
    and closed_date <= cast($as_of as date)
    and date_diff('day', opened_date, cast($as_of as date)) < 730
group by account_id
order by account_id
