using System.Globalization;
using Carillon.Sagas;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orders;
using Orders.Events;

// dotnet run                       places three orders, works them off and shows what has become of them
// dotnet run place ID SKU AMOUNT   places one; dotnet run work: works until Ctrl+C; dotnet run show
var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddOrders(new OrdersOptions(Path.Combine(AppContext.BaseDirectory, "App_Data")));
using var host = builder.Build();
switch (args)
{
    case ["place", var id, var sku, var amount]:
        await host.StartAsync();
        await PlaceAsync(new OrderPlaced(id, sku, decimal.Parse(amount, CultureInfo.InvariantCulture)));
        await host.StopAsync();
        break;
    case ["work"]:
        await host.RunAsync();
        break;
    case ["show"]:
        await host.StartAsync();
        await ShowAsync();
        await host.StopAsync();
        break;
    case []:
        await host.StartAsync();
        var run = TimeProvider.System.GetUtcNow().ToString("HHmmss", CultureInfo.InvariantCulture);
        await PlaceAsync(new OrderPlaced($"{run}-1", "lamp", 40));
        await PlaceAsync(new OrderPlaced($"{run}-2", "sofa", 900));
        await PlaceAsync(new OrderPlaced($"{run}-3", "piano", 90));
        await EndAsync();
        await ShowAsync();
        await host.StopAsync();
        break;
    default:
        Console.Error.WriteLine("usage: dotnet run [place ID SKU AMOUNT | work | show]");
        return 2;
}

return 0;

async Task PlaceAsync(OrderPlaced order)
{
    await using var scope = host.Services.CreateAsyncScope();
    await scope.ServiceProvider.GetRequiredService<OrderDesk>().PlaceAsync(order, CancellationToken.None);
    Console.WriteLine($"placed {order.OrderId}: {order.Sku} for {order.Amount}");
}

async Task EndAsync()
{
    using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
    while (await host.Services.GetRequiredService<ISagas>().CountAsync("order") is var counts
        && (counts.ContainsKey(SagaStatus.Running) || counts.ContainsKey(SagaStatus.Compensating) || counts.Count == 0))
    {
        await timer.WaitForNextTickAsync();
    }
}

async Task ShowAsync()
{
    var sagas = host.Services.GetRequiredService<ISagas>();
    foreach (var order in await sagas.ListAsync(new SagaQuery { Saga = "order" }))
    {
        Console.WriteLine($"{order.Key} {order.Status}{(order.Reason is { } reason ? $": {reason}" : "")}");
        foreach (var step in (await sagas.FindAsync(order.Saga, order.Key))!.Steps)
        {
            Console.WriteLine($"    {step.At:HH:mm:ss.fff}  {step.EventName,-24}  {step.Step}");
        }
    }
}
