using Carillon.Deliveries.InMemory;
using Carillon.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Tests.Hosting;

public sealed class RunWorkerTests
{
    [Fact]
    public async Task A_process_that_was_asked_to_stop_ends_with_0()
    {
        using var stop = new CancellationTokenSource();

        var running = RunUntilAsync(carillon => carillon.UseInMemory().Listen<ApplicationBooted>(_ => stop.Cancel()), stop.Token);

        (await running).ShouldBe(WorkerExitCode.Stopped);
    }

    [Fact]
    public async Task What_does_not_fit_together_ends_with_78() =>
        (await RunAsync(carillon => carillon.Listen<NumberCounted>(_ => { }, options => (options.Delivery, options.Id) = (Delivery.Durable, "counter"))))
            .ShouldBe(WorkerExitCode.Misconfigured);

    [Fact]
    public async Task An_option_that_cannot_be_ends_with_78() =>
        (await RunAsync(carillon => carillon.UseInMemory().ConfigureWorker(worker => worker.BatchSize = 0))).ShouldBe(WorkerExitCode.Misconfigured);

    [Fact]
    public async Task A_store_that_cannot_be_reached_at_the_start_ends_with_69() =>
        (await RunAsync(carillon => carillon.UseStore(_ => new FlakyStore(new InMemoryDeliveryStore()) { IsAway = true })))
            .ShouldBe(WorkerExitCode.Unavailable);

    [Fact]
    public async Task A_transport_that_cannot_be_reached_at_the_start_ends_with_69() =>
        (await RunAsync(carillon => carillon.UseTransport(_ => new AwayTransport { CannotStart = true }))).ShouldBe(WorkerExitCode.Unavailable);

    [Fact]
    public async Task Anything_else_ends_with_1() =>
        (await RunAsync(carillon => carillon.Listen<ApplicationBooted>(new Action<ApplicationBooted>(_ => throw new FormatException("not today")))))
            .ShouldBe(WorkerExitCode.Failed);

    private static Task<int> RunAsync(Action<CarillonBuilder> configure) => RunUntilAsync(configure, TestContext.Current.CancellationToken);

    private static Task<int> RunUntilAsync(Action<CarillonBuilder> configure, CancellationToken stop)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddCarillon(configure);
        return builder.Build().RunWorkerAsync(stop);
    }
}
