-- uses: purchases
-- One row per account: whether it is marked as key, and how it came again over the 730 days up to $as_of. The days fall
-- into eight quarters of equal length, counted back from the date.
select
    accounts.account_id,
    accounts.is_key_account,
    coalesce(recent.order_days, 0) as order_days_24m,
    coalesce(recent.quarters, 0) as quarters_24m
from accounts
left join (
    select account_id, count(*) as order_days, count(distinct cast(floor(age * 8 / cast(730 as double)) as int)) as quarters
    from (
        select account_id, date_diff('day', day, cast($as_of as date)) as age
        from purchases
        where is_order_day = 1
    ) as dated
    where age < 730
    group by account_id
) as recent on accounts.account_id = recent.account_id
order by accounts.account_id
