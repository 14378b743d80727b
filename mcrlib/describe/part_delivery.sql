-- Delivery: share of the orders of two years that no delivery failure followed within 90 days. Only where failures of
-- delivery are recorded at all: elsewhere their absence tells nothing.
select
    orders.account_id,
    'delivery' as part,
    count(case when coalesce(failures.n, 0) = 0 then 1 end) / nullif(cast(count(*) as double), 0) as value,
    count(*) as n,
    cast(1 as double) as coverage
from orders
left join (
    select orders.order_id, count(*) as n
    from orders
    inner join cases
        on
            orders.account_id = cases.account_id
            and cases.kind = 'delivery'
            and cases.opened_date <= cast($as_of as date)
            and date_diff('day', orders.order_date, cases.opened_date) between 0 and 90
    group by orders.order_id
) as failures on orders.order_id = failures.order_id
where
    orders.order_date <= cast($as_of as date)
    and date_diff('day', orders.order_date, cast($as_of as date)) < 730
    and coalesce(orders.status, 'valid') = 'valid'
    and (select count(*) from cases where kind = 'delivery' and opened_date <= cast($as_of as date)) > 0
group by orders.account_id
