-- Day by day of an account: whether a product line was bought there for the first time (new business), or only such as
-- it had bought before (repeat business). By lines of orders where they are delivered, else by the order's own line.
-- By calendar month; an order without any product line is neither.
select
    account_id,
    cast(date_trunc('month', order_date) as date) as period,
    cast(sum(is_new) as bigint) as orders_new,
    cast(sum(1 - is_new) as bigint) as orders_repeat
from (
    select
        account_id,
        order_date,
        max(case when order_date = first_date then 1 else 0 end) as is_new
    from (
        select
            orders.account_id,
            orders.order_date,
            min(orders.order_date) over (
                partition by
                    orders.account_id,
                    coalesce(order_lines.product_line, products.product_line, orders.product_line)
            ) as first_date
        from orders
        left join order_lines on orders.order_id = order_lines.order_id
        left join products on order_lines.product_id = products.product_id
        where
            orders.order_date <= cast($as_of as date)
            and coalesce(orders.status, 'valid') = 'valid'
            and orders.amount >= 0
            and coalesce(order_lines.product_line, products.product_line, orders.product_line) is not null
    ) as lines
    group by account_id, order_date
) as days
group by account_id, cast(date_trunc('month', order_date) as date)
order by account_id, period
