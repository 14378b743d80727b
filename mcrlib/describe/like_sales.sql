-- The same product sold to the same customer twice within 90 days, the quantities alike (the larger at most a quarter
-- above the smaller), in the last 365 days, with the two prices. Prices more than
-- half apart are for something else (another configuration). One row per pair of sales that follow each other.
select
    account_id,
    product_id,
    before_date,
    order_date,
    before_price,
    price
from (
    select
        orders.account_id,
        order_lines.product_id,
        orders.order_date,
        cast(order_lines.unit_price as double) as price,
        order_lines.qty,
        lag(orders.order_date) over same as before_date,
        lag(cast(order_lines.unit_price as double)) over same as before_price,
        lag(order_lines.qty) over same as before_qty
    from order_lines
    inner join orders on order_lines.order_id = orders.order_id
    where
        orders.order_date <= cast($as_of as date)
        and date_diff('day', orders.order_date, cast($as_of as date)) < 455
        and coalesce(orders.status, 'valid') = 'valid'
        and order_lines.unit_price > 0
        and order_lines.qty > 0
        and order_lines.product_id is not null
    window same as (
        partition by orders.account_id, order_lines.product_id
        order by orders.order_date, order_lines.line_id
    )
) as followed
where
    date_diff('day', order_date, cast($as_of as date)) < 365
    and date_diff('day', before_date, order_date) <= 90
    and greatest(qty, before_qty) <= 1.25 * least(qty, before_qty)
    and greatest(price, before_price) <= 1.5 * least(price, before_price)
order by account_id, product_id, order_date, before_date, price, before_price
