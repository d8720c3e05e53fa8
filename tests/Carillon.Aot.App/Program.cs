using Carillon;
using Carillon.Aot.App;
using Carillon.Aot.Orders;

// What tests/Carillon.Aot.Tests runs, and ./bench aot starts: each part of the scenario prints what it sees, a line each.
switch (args)
{
    case ["start"]:
        return await Start.RunAsync();
    case ["first", var folder]:
        await Shop.RunUntilKilledAsync(folder);
        return 1;
    case ["second", var folder]:
        return await Shop.RunAgainAsync(folder);
    case ["parcels", var folder]:
        return await PostOffice.RunAsync(folder);
    case ["postgres", var connectionString, var schema]:
        return await PostgresShop.RunAsync(connectionString, schema);
    case ["rabbitmq", var address, var exchange]:
        return await TransportShop.RunAsync(carillon => carillon.UseRabbitMq(rabbit => (rabbit.Connection.Address, rabbit.Exchange) = (address, exchange)));
    case ["redis", var server, var prefix]:
        return await TransportShop.RunAsync(carillon => carillon.UseRedis(redis => (redis.Server, redis.Prefix) = (server, prefix)));
    default:
        Console.Error.WriteLine("usage: start | first FOLDER | second FOLDER | parcels FOLDER | postgres CONNECTION-STRING SCHEMA | rabbitmq ADDRESS EXCHANGE | redis SERVER PREFIX");
        return 2;
}
