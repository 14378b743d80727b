-- What was asked by the list and what was paid, month by month, of valid orders (without orders: of won deals).
select
    month as date,
    cast(sum(amount) as double) as amount,
    cast(sum(list_amount) as double) as list_amount
from (
    select
        cast(date_trunc('month', order_date) as date) as month,
        amount,
        list_amount
    from orders
    where order_date <= cast($as_of as date) and coalesce(status, 'valid') = 'valid' and list_amount > 0 and amount > 0
    union all
    select
        cast(date_trunc('month', closed_date) as date) as month,
        coalesce(amount_actual, amount) as amount,
        list_amount
    from opportunities
    where
        (select count(*) from orders) = 0
        and status = 'won'
        and closed_date <= cast($as_of as date)
        and list_amount > 0
        and coalesce(amount_actual, amount) > 0
) as priced
group by month
order by month
