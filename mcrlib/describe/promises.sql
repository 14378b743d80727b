-- What we promised and planned that fell due in three years, by account, person and quarter back from the date (0 the
-- last 91 days): how much was kept by its day. What is done late is not kept. Without any day of keeping on
-- record nobody knows: no row.
select
    kind,
    account_id,
    owner_id,
    cast(floor(date_diff('day', due_date, cast($as_of as date)) / cast(91 as double)) as bigint) as ago,
    count(*) as n_due,
    count(case when done_date <= due_date then 1 end) as n_kept,
    count(case when done_date is null or done_date > cast($as_of as date) then 1 end) as n_waiting
from (
    select 'commitment' as kind, account_id, promised_by as owner_id, due_date, kept_date as done_date
    from commitments
    where (select count(kept_date) from commitments) > 0
    union all
    select 'plan' as kind, account_id, owner_id, due_date, done_date
    from plans
    where (select count(done_date) from plans) > 0
) as promised
where due_date <= cast($as_of as date) and date_diff('day', due_date, cast($as_of as date)) < 1092
group by kind, account_id, owner_id, floor(date_diff('day', due_date, cast($as_of as date)) / cast(91 as double))
order by kind, account_id, owner_id, ago
