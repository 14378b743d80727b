-- What was sold to whom, line by line, in the two years before the as-of date, and of which product line it is.
select
    orders.account_id,
    orders.order_id,
    orders.order_date,
    coalesce(orders.status, 'valid') as status,
    order_lines.amount,
    coalesce(order_lines.product_line, products.product_line, orders.product_line) as product_line,
    coalesce(products.is_joint, false) as is_joint
from order_lines
inner join orders on order_lines.order_id = orders.order_id
left join products on order_lines.product_id = products.product_id
where
    orders.order_date <= cast($as_of as date)
    and date_diff('day', orders.order_date, cast($as_of as date)) < 730
