-- One row per account and day on which money moved, up to the as-of date.
-- Valid orders and returns; where no orders are delivered at all, won deals on their closing day.
-- Drafts and voided orders never count. A return takes money back but is no order.
-- Gross profit is delivered, else revenue less cost, else revenue by the margin; the product is kept exact.
select
    account_id,
    day,
    sum(amount) as revenue,
    sum(coalesce(gp, amount * cast($margin as decimal(7, 6)))) as gp,
    count(case when amount > 0 then 1 end) as n_orders,
    max(case when amount >= 0 and kind <> 'return' then 1 else 0 end) as is_order_day
from (
    select
        account_id,
        order_date as day,
        coalesce(status, 'valid') as kind,
        amount,
        coalesce(gross_profit, amount - cost) as gp
    from orders
    where order_date <= cast($as_of as date) and coalesce(status, 'valid') in ('valid', 'return')
    union all
    select
        account_id,
        closed_date as day,
        'valid' as kind,
        coalesce(amount_actual, amount) as amount,
        coalesce(amount_actual, amount) - cost as gp
    from opportunities
    where
        (select count(*) from orders) = 0
        and status = 'won'
        and closed_date <= cast($as_of as date)
        and coalesce(amount_actual, amount) is not null
        and not coalesce(is_deleted, false)
) as flow
group by account_id, day
