-- Of all valid revenue up to the as-of date, how much has neither profit nor cost delivered.
select
    coalesce(cast(sum(revenue) as double), 0) as revenue,
    coalesce(cast(sum(case when known is null then revenue else 0 end) as double), 0) as assumed
from (
    select
        amount as revenue,
        coalesce(gross_profit, cost) as known
    from orders
    where order_date <= cast($as_of as date) and coalesce(status, 'valid') = 'valid' and amount > 0
    union all
    select
        coalesce(amount_actual, amount) as revenue,
        cost as known
    from opportunities
    where
        (select count(*) from orders) = 0
        and status = 'won'
        and closed_date <= cast($as_of as date)
        and coalesce(amount_actual, amount) > 0
) as sold
