using System.Text.RegularExpressions;

namespace Carillon.Aot.Tests;

/// <summary>Every package, published with NativeAOT. As net9.0, whose compiler can be had: the sources are those of net10.0.</summary>
public sealed partial class NativeProgramTests(NativeProgram program) : IClassFixture<NativeProgram>, IDisposable
{
    private const int KilledBySignal9 = 128 + 9;

    /// <summary>Said by ./test, which starts the server that is named in the file servers.</summary>
    private static readonly string Server = Named("CARILLON_TEST_POSTGRES", "the connection string of a PostgreSQL server");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("carillon-native-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact] // Every assembly of ours is rooted: all of its code is looked at
    public void Nothing_is_said_of_trimming_or_of_compiling_ahead_but_of_the_driver_of_SQLite()
    {
        var warned = Warning().Matches(program.Said).Select(match => match.Value).Distinct();

        // 6.0.7, the lower bound, is older than these analyses.
        warned.ShouldBe(["warning IL2104: Assembly 'Microsoft.Data.Sqlite' produced trim warnings"], program.Said);
    }

    [Fact]
    public async Task Inline_run_time_and_durable_listeners_run_and_what_a_killed_process_left_is_run_by_the_next()
    {
        var (firstExit, first) = await NativeProgram.RunNativeAsync("first", _folder.FullName);

        Lines(first).ShouldBe([
            "booted",
            "inline 1", "asynchronous 1", "run-time 1",
            "domain event OrderShipped",
            "durable 1, attempt 1", "durable 1, attempt 2",
            "inline 2", "asynchronous 2",
            "waiting", "domain event OrderShipped",
            "request /hello 200 native", "answer hello",
            "held 4, Order 4, Customer C 4",
        ]);
        firstExit.ShouldBe(KilledBySignal9);

        var (secondExit, second) = await NativeProgram.RunNativeAsync("second", _folder.FullName);

        Lines(second).ShouldBe(["booted", "held 4, Order 4, Customer C 4", "stopping", "orders 1, deliveries 0"]);
        secondExit.ShouldBe(0);
    }

    [Fact]
    public async Task A_saga_the_event_store_and_a_projection_run_on_SQLite()
    {
        var (exitCode, said) = await NativeProgram.RunNativeAsync("parcels", _folder.FullName);

        Lines(said).ShouldBe([
            "booted",
            "refunded lamp",
            "arrived chair",
            "rebuilt as generation 2",
            "sent 2 at version 3",
            "compensated 1, completed 1",
            """{"sku":"lamp"} it has not arrived: parcel.sent, parcel.delayed, carillon.saga.compensate""",
            "stopping",
            "steps 2, counted 2 of 2, deliveries 0",
        ]);
        exitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Deliveries_in_PostgreSQL_are_written_in_a_unit_of_work_and_in_an_ambient_transaction_and_run()
    {
        var (exitCode, said) = await NativeProgram.RunNativeAsync("postgres", Server, $"native_{Environment.ProcessId}");

        Lines(said).ShouldBe([
            "booted",
            "inline 1", "asynchronous 1",
            "durable 1, attempt 1", "durable 1, attempt 2",
            "held 2, Order 2, Customer C 2",
            "stopping",
            "deliveries 0",
        ]);
        exitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("rabbitmq", "CARILLON_TEST_RABBITMQ", "the address of a broker, amqp://user:password@host:5672/")]
    [InlineData("redis", "CARILLON_TEST_REDIS", "host:port of a server")]
    public async Task Events_leave_over_a_broker_and_arrive_come_again_and_are_dead_letters_in_the_end(string transport, string variable, string what)
    {
        var (exitCode, said) = await NativeProgram.RunNativeAsync(transport, Named(variable, what), $"native-{Environment.ProcessId}");

        Lines(said).ShouldBe([
            "order.placed 1, attempt 1", "order.placed 1, attempt 2",
            "order.placed 2, attempt 1", "order.placed 2, attempt 2",
            "dead letter: not now",
            "deleted True",
        ]);
        exitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_native_application_without_a_store_starts_and_dispatches()
    {
        var (exitCode, said) = await NativeProgram.RunNativeAsync("start");

        exitCode.ShouldBe(0, said);
    }

    private static string Named(string variable, string what) => Environment.GetEnvironmentVariable(variable)
        ?? throw new InvalidOperationException($"{variable} is not set: let ./test run these tests, or set it to {what}.");

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [GeneratedRegex(@"\b(warning|error) IL\d{4}: .*?(?=\. | \[|\n)")]
    private static partial Regex Warning();
}
