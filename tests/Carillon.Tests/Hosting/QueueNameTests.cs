using Carillon.Deliveries.InMemory;
using Carillon.Testing;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Hosting;

/// <summary>A queue is made by its name: one that was misspelled is a queue of its own, and would never be missed.</summary>
public sealed class QueueNameTests
{
    [Theory]
    [InlineData("mial", "mail")]
    [InlineData("Mail", "mail")]
    [InlineData("newsleter", "newsletter")]
    public async Task A_configured_queue_without_a_listener_is_warned_about_with_the_name_that_may_have_been_meant(string configured, string used)
    {
        await using var application = await StartAsync(carillon => carillon.ConfigureQueue(configured, queue => queue.MaxConcurrency = 1), used);

        var warning = Warnings(application).ShouldHaveSingleItem();
        warning.Level.ShouldBe(LogLevel.Warning);
        warning.Message.ShouldContain($"'{configured}'");
        warning.Message.ShouldContain($"Did you mean '{used}'?");
    }

    [Fact]
    public async Task A_queue_that_is_to_be_worked_off_and_has_no_listener_is_warned_about_too()
    {
        await using var application = await StartAsync(carillon => carillon.ConfigureWorker(worker => worker.Queues = ["mail", "exprot"]), "mail", "export");

        Warnings(application).ShouldHaveSingleItem().Message.ShouldContain("Did you mean 'export'?");
    }

    [Fact]
    public async Task A_listener_that_names_a_queue_much_like_one_that_is_configured_is_warned_about()
    {
        await using var application = await StartAsync(carillon => carillon.ConfigureQueue("mail", queue => queue.MaxConcurrency = 1), "mail", "mails");

        var warning = Warnings(application).ShouldHaveSingleItem().Message;
        warning.ShouldContain("'mails'");
        warning.ShouldContain("'listener 1'");
        warning.ShouldContain("Did you mean 'mail'?");
    }

    [Fact] // Another application that shares the store may have it.
    public async Task A_queue_like_no_other_is_only_mentioned()
    {
        await using var application = await StartAsync(carillon => carillon.ConfigureQueue("archive", queue => queue.MaxConcurrency = 1), "mail");

        Warnings(application).ShouldHaveSingleItem().ShouldSatisfyAllConditions(entry => entry.Id.ShouldBe(302), entry => entry.Level.ShouldBe(LogLevel.Information));
    }

    [Fact]
    public async Task What_fits_together_and_what_differs_by_a_number_is_not_spoken_of()
    {
        await using var application = await StartAsync(
            carillon => carillon.ConfigureQueue("shard-1", queue => queue.MaxConcurrency = 1).ConfigureQueue("mail", queue => queue.Limit = 2).ConfigureWorker(worker => worker.Queues = ["mail", "shard-1", "default"]),
            "mail", "shard-1", "shard-2", "export");

        Warnings(application).ShouldBeEmpty();
    }

    private static List<LogEntry> Warnings(Application application) => [.. application.Log.Entries.Where(entry => entry.Id is 301 or 302)];

    private static Task<Application> StartAsync(Action<CarillonBuilder> configure, params string[] queues) => Application.StartAsync(carillon =>
    {
        carillon.UseStore(_ => new InMemoryDeliveryStore()).RunDeliveriesByHand();
        for (var number = 0; number < queues.Length; number++)
        {
            var (queue, id) = (queues[number], $"listener {number}");
            carillon.Listen<NumberSeen>(_ => { }, options => (options.Delivery, options.Id, options.Queue) = (Delivery.Durable, id, queue));
        }

        configure(carillon);
    });

    [Event("number.seen")]
    private sealed record NumberSeen(int Number);
}
