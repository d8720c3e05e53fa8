using System.Globalization;
using Carillon;
using Carillon.Sagas;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orders;
using Orders.Events;
using Orders.Killing.App;

// The sample's worker, which kills itself at one moment: it has no chance to do anything more. Without a moment it works until every process has ended.
if (args is not [var folder, var id, var sku, var amount, .. var moment])
{
    Console.Error.WriteLine("usage: FOLDER ID SKU AMOUNT [before|after LISTENER]");
    return 2;
}

var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddOrders(new OrdersOptions(folder));
builder.Services.AddCarillon(carillon => carillon
    // What a killed process had in hand comes again after that.
    .ConfigureWorker(worker => worker.LeaseDuration = TimeSpan.FromSeconds(1))
    .ConfigureRetries(retries => retries.FirstDelay = TimeSpan.Zero));
if (moment is [var place, var listener])
{
    builder.Services.AddCarillon(carillon => carillon.UseListenerMiddleware((_, next, cancellationToken) => new Moment(place, listener).PassAsync(next, cancellationToken)));
}

using var host = builder.Build();
await host.StartAsync();
var sagas = host.Services.GetRequiredService<ISagas>();
await using (var scope = host.Services.CreateAsyncScope())
{
    var order = new OrderPlaced(id, sku, decimal.Parse(amount, CultureInfo.InvariantCulture));
    await Placing.OnceAsync(scope.ServiceProvider, order);
}

using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
while (await sagas.FindAsync("order", id) is not { Saga.Status: SagaStatus.Completed or SagaStatus.Compensated })
{
    await timer.WaitForNextTickAsync();
}

await host.StopAsync();
return 0;
