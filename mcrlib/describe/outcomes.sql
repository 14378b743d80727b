-- uses: purchases
-- What each account bought after $start up to $as_of; accounts that bought nothing stay, with zeros.
select
    accounts.account_id,
    coalesce(cast(sum(is_order_day) as bigint), 0) as orders,
    coalesce(cast(sum(revenue) as double), 0) as revenue,
    coalesce(cast(sum(gp) as double), 0) as gp
from accounts
left join purchases
    on accounts.account_id = purchases.account_id and purchases.day > cast($start as date)
group by accounts.account_id
order by accounts.account_id
