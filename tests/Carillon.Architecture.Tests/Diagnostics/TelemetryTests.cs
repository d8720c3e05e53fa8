using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text;
using Carillon.Architecture.Tests.Approval;
using Carillon.Deliveries;
using Carillon.EventSourcing;
using Carillon.Listeners;
using Carillon.RabbitMq;
using Carillon.RabbitMq.Transports;
using Carillon.Testing;
using Carillon.Transactions;
using Carillon.Transports;
using Carillon.Transports.InMemory;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Architecture.Tests.Diagnostics;

/// <summary>Dashboards and alerts name spans, measures and tags: what an application that does everything shows of itself is approved text.</summary>
public sealed class TelemetryTests : IDisposable
{
    private readonly SortedDictionary<string, SortedSet<string>> _spans = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SortedSet<string>> _measures = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _sources = new(StringComparer.Ordinal);
    private readonly ActivityListener _spanListener;
    private readonly MeterListener _measureListener = new();
    private readonly Lock _gate = new();

    public TelemetryTests()
    {
        _spanListener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("Carillon", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = Add,
        };
        ActivitySource.AddActivityListener(_spanListener);
        _measureListener.InstrumentPublished = Add;
        _measureListener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Add(instrument, tags));
        _measureListener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Add(instrument, tags));
        _measureListener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, tags));
        _measureListener.Start();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Spans_measures_and_tags_are_the_approved_ones()
    {
        await DoEverythingAsync();
        await ReceiveAsync();
        await MeasureRabbitMqAsync();

        var text = new StringBuilder();
        lock (_gate)
        {
            Write(text, "sources and meters, with the version of their names", _sources);
            foreach (var (span, tags) in _spans)
            {
                Write(text, span, tags);
            }

            foreach (var (measure, tags) in _measures)
            {
                Write(text, measure, tags);
            }
        }

        ApprovedText.ShouldBeApproved("Telemetry", text.ToString());
    }

    public void Dispose()
    {
        _spanListener.Dispose();
        _measureListener.Dispose();
    }

    private async Task DoEverythingAsync()
    {
        var time = new SimulatedTime();
        using (var worker = CreateHost(carillon => carillon.UseSimulatedTime(time)))
        {
            // What only a process with a worker says.
            await worker.StartAsync(Cancellation);
            _measureListener.RecordObservableInstruments();
            await worker.StopAsync(Cancellation);
        }

        using var host = CreateHost(carillon => carillon.UseSimulatedTime(time).RunDeliveriesByHand());
        await host.StartAsync(Cancellation);
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var events = scope.ServiceProvider.GetRequiredService<IEventDispatcher>();
            foreach (var how in (string[])["completed", "failed", "discarded", "cancelled"])
            {
                await events.DispatchAsync(new Done(how), Cancellation);
            }

            await Should.ThrowAsync<InvalidOperationException>(async () => await events.DispatchAsync(new Refused(), Cancellation));
            await DispatchInUnitOfWorkAsync(scope.ServiceProvider, events);
        }

        await host.Services.GetRequiredService<IDeliveries>().CancelAsync(4, Cancellation);
        await host.Services.DrainDeliveriesAsync(time.GetUtcNow().AddDays(30), cancellationToken: Cancellation);
        // Waits for what runs in the background.
        await host.StopAsync(Cancellation);
    }

    private static async Task ReceiveAsync()
    {
        var broker = new InMemoryTransport();
        var received = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddCarillon(carillon => carillon
            .UseTelemetry()
            .UseInMemoryTransport(broker)
            .Listen<Done>(_ => received.SetResult())
            .Subscribe("work.#"));
        using var host = builder.Build();
        await host.StartAsync(Cancellation);
        await broker.PublishAsync(Arriving(), Cancellation);
        await received.Task.WaitAsync(Cancellation);
        await host.StopAsync(Cancellation);
    }

    private static OutgoingEvent Arriving()
    {
        var id = Guid.CreateVersion7();
        return new OutgoingEvent
        {
            EventName = "work.done",
            Id = id,
            ContentType = "application/json",
            Headers = [new("cloudEvents:specversion", "1.0"), new("cloudEvents:id", id.ToString()), new("cloudEvents:source", "/tests"), new("cloudEvents:type", "work.done")],
            Body = "{\"how\":\"completed\"}"u8.ToArray(),
        };
    }

    // There is no broker here, so that what it would make the transport measure is said to its instruments; that it says so is tested with a broker.
    private async Task MeasureRabbitMqAsync()
    {
        await using var transport = new RabbitMqTransport(new RabbitMqOptions());
        var instruments = typeof(RabbitMqTransport).GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Single(static field => field.FieldType.Name == "RabbitInstruments").GetValue(transport)!;
        Measure("Confirmed", TimeSpan.FromMilliseconds(1));
        Measure("Answered", "carillon.work", "acknowledged");
        Measure("ConnectionLost", "publishing");
        _measureListener.RecordObservableInstruments();

        void Measure(string what, params object[] values) =>
            instruments.GetType().GetMethod(what, BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(instruments, values);
    }

    private static async Task DispatchInUnitOfWorkAsync(IServiceProvider services, IEventDispatcher events)
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(Cancellation);
        await using var work = await services.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, Cancellation);
        await events.DispatchAsync(new Done("completed"), Cancellation);
        await work.CommitAsync(Cancellation);
    }

    private static IHost CreateHost(Action<CarillonBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddMetrics();
        builder.Services.AddCarillon(carillon =>
        {
            configure(carillon
                .UseInMemory()
                .AddProjection<Nothing>("nothing")
                .AddProjectionListener(typeof(Nothing), new Listener("Nothing.Keep", typeof(Done), static (object _, in ListenerCall _) => ValueTask.CompletedTask))
                .Listen<Refused>(_ => throw new InvalidOperationException("refused"))
                .Listen<Done>(
                    done => _ = done.How == "failed" ? throw new InvalidOperationException("failed") : done,
                    options => (options.Delivery, options.Id) = (Delivery.Background, "behind"))
                .Listen<Done>(Take, options => (options.Delivery, options.Id, options.MaxAttempts) = (Delivery.Durable, "listener", 2)));
        });
        return builder.Build();
    }

    private static ValueTask Take(Done done, EventContext context, CancellationToken cancellationToken)
    {
        switch (done.How)
        {
            case "failed":
                throw new InvalidOperationException("failed");
            case "discarded":
                context.Discard("of no use");
                break;
        }

        return ValueTask.CompletedTask;
    }

    private void Add(Activity span)
    {
        // The last word of a name is a queue or an event.
        var name = $"span {span.DisplayName.Split(' ')[0]} {{name}}  {span.Kind}";
        lock (_gate)
        {
            _sources.Add($"{span.Source.Name} {span.Source.Version}");
            TagsOf(_spans, name).UnionWith(span.TagObjects.Select(tag => tag.Key));
        }
    }

    private void Add(Instrument instrument, MeterListener listener)
    {
        if (!instrument.Meter.Name.StartsWith("Carillon", StringComparison.Ordinal))
        {
            return;
        }

        lock (_gate)
        {
            _sources.Add($"{instrument.Meter.Name} {instrument.Meter.Version}");
            TagsOf(_measures, NameOf(instrument));
        }

        listener.EnableMeasurementEvents(instrument);
    }

    private void Add(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_gate)
        {
            foreach (var tag in tags)
            {
                TagsOf(_measures, NameOf(instrument)).Add(tag.Key);
            }
        }
    }

    private static string NameOf(Instrument instrument)
    {
        var type = instrument.GetType();
        return $"{instrument.Name}  {type.Name.Split('`')[0]}<{type.GetGenericArguments()[0].Name}>  {instrument.Unit}  {instrument.Description}";
    }

    private static SortedSet<string> TagsOf(SortedDictionary<string, SortedSet<string>> all, string name) =>
        all.TryGetValue(name, out var tags) ? tags : all[name] = new SortedSet<string>(StringComparer.Ordinal);

    private static void Write(StringBuilder text, string title, IEnumerable<string> lines)
    {
        text.Append(title).Append('\n');
        foreach (var line in lines)
        {
            text.Append("    ").Append(line).Append('\n');
        }
    }

    [Event("work.done")]
    private sealed record Done(string How);

    [Event("work.refused")]
    private sealed record Refused;

    private sealed class Nothing : IProjection;
}
