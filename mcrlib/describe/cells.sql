-- uses: persons, bands
-- The grid level x function of every customer with contacts: the cells in which we know somebody, and those in which we
-- do at a quarter of the customers of its size (proposed), be they empty here.
select
    expected.account_id,
    expected.level,
    expected.function,
    coalesce(seen.n_contacts, 0) as n_contacts,
    coalesce(seen.n_active, 0) as n_active,
    coalesce(seen.n_key, 0) as n_key
from (
    select persons.account_id, persons.level, persons.function
    from persons
    where persons.level is not null and persons.function is not null
    union
    select bands.account_id, places.level, places.function
    from (
        select bands.band, persons.level, persons.function, count(distinct persons.account_id) as n
        from persons
        inner join bands on persons.account_id = bands.account_id
        where persons.level is not null and persons.function is not null
        group by bands.band, persons.level, persons.function
    ) as places
    inner join (select band, count(*) as n from bands group by band) as wholes
        on places.band = wholes.band and 4 * places.n >= wholes.n
    inner join bands on places.band = bands.band
) as expected
left join (
    select
        account_id,
        level,
        function,
        count(*) as n_contacts,
        cast(sum(is_active) as bigint) as n_active,
        cast(sum(is_key) as bigint) as n_key
    from persons
    group by account_id, level, function
) as seen
    on
        expected.account_id = seen.account_id
        and expected.level = seen.level
        and expected.function = seen.function
order by expected.account_id, expected.level, expected.function
