using Carillon;
using Carillon.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Orders.Events;
using Orders.Payments;
using Orders.Storage;

namespace Orders;

/// <summary>What the application is made of.</summary>
internal static class OrdersServices
{
    public static IServiceCollection AddOrders(this IServiceCollection services, OrdersOptions options)
    {
        Directory.CreateDirectory(options.Folder);
        var shop = new Shop(options);
        var bank = new Bank(options);
        shop.Create();
        bank.Create();
        services.AddSingleton(shop);
        services.AddSingleton(bank);
        services.AddScoped<OrderDesk>();
        return services.AddCarillon(carillon => carillon
            .AddListeners()
            .UseSqlite($"Data Source={options.Shop}")
            .ConfigureEnvelopes(envelopes => envelopes.Json.TypeInfoResolverChain.Insert(0, OrdersJsonContext.Default)));
    }
}
