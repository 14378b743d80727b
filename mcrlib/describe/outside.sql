-- What each customer's own revenue did in the latest year on record up to the date, and its industry's growth then.
select
    latest.account_id,
    latest.period,
    cast(here.revenue as double) as revenue,
    cast(earlier.revenue as double) as revenue_before,
    here.industry_growth
from (
    select account_id, max(period) as period
    from account_external
    where period <= cast($as_of as date) and revenue is not null
    group by account_id
) as latest
inner join account_external as here on latest.account_id = here.account_id and latest.period = here.period
left join account_external as earlier
    on
        latest.account_id = earlier.account_id
        and date_diff('day', earlier.period, latest.period) between 360 and 371
order by latest.account_id
