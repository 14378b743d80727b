-- One row per account and product line bought up to $as_of, from the orders and from their lines.
select distinct account_id, product_line
from (
    select account_id, product_line, order_date, status from orders
    union all
    select orders.account_id, coalesce(order_lines.product_line, products.product_line), orders.order_date, orders.status
    from order_lines
    inner join orders on order_lines.order_id = orders.order_id
    left join products on order_lines.product_id = products.product_id
    union all
    select account_id, product_line, closed_date, 'valid' from opportunities
    where (select count(*) from orders) = 0 and status = 'won' and not coalesce(is_deleted, false)
) as bought
where
    product_line is not null
    and order_date <= cast($as_of as date)
    and coalesce(status, 'valid') in ('valid', 'return')
