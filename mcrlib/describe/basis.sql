-- What the money is counted from: valid orders, else won deals, else nothing.
select
    case
        when (select count(*) from orders) > 0 then 'orders'
        when (select count(*) from opportunities) > 0 then 'opportunities'
        else 'none'
    end as basis
