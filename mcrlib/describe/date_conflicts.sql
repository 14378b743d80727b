-- Promises made to one customer by different people of ours within 14 days of each other, and whether they name
-- different days, in the last 365 days. What a promise is for is in no export: two promises may be for two things.
select
    account_id,
    cast(count(*) as bigint) as n_pairs,
    cast(sum(case when due_date <> before_due then 1 else 0 end) as bigint) as n_conflicts
from (
    select
        account_id,
        promised_by,
        promised_date,
        due_date,
        lag(promised_by) over same as before_by,
        lag(promised_date) over same as before_date,
        lag(due_date) over same as before_due
    from commitments
    where promised_date <= cast($as_of as date) and promised_by is not null and due_date is not null
    window same as (partition by account_id order by promised_date, commitment_id)
) as followed
where
    promised_by <> before_by
    and date_diff('day', before_date, promised_date) <= 14
    and date_diff('day', promised_date, cast($as_of as date)) < 365
group by account_id
order by account_id
