using Carillon.Deliveries;
using Carillon.Jobs;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Generated;

public sealed class GeneratedJobTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // B6
    public async Task A_method_with_OnJob_is_the_handler_with_all_that_it_says()
    {
        await using var application = await TrafficApplication.StartAsync();
        var jobs = application.Scope.GetRequiredService<IJobs>();

        var first = await jobs.PushAsync(new SendLetter("Ada"), cancellationToken: Cancellation);
        var second = await jobs.PushAsync(new SendLetter("Ada"), cancellationToken: Cancellation);
        await jobs.PushAsync(new CountLetters(), cancellationToken: Cancellation);

        first.ShouldNotBeNull().ListenerId.ShouldBe("LetterJobs.Send");
        second.ShouldBe(first with { IsDuplicate = true });
        var deliveries = application.Services.GetRequiredService<IDeliveries>();
        (await deliveries.ListAsync(new DeliveryQuery { OldestFirst = true }, Cancellation)).Select(each => (each.ListenerId, each.EventName, each.Queue))
            .ShouldBe([("LetterJobs.Send", "letter.send", "post"), ("letters.count", "count.letters", Queues.Default)]);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        application.Services.GetRequiredService<PostOffice>().Done.Order().ShouldBe(["counted", "sent to Ada"]);
    }

    [Fact]
    public async Task A_handler_that_is_added_by_generated_code_twice_is_one_handler()
    {
        await using var application = await TrafficApplication.StartAsync(carillon => carillon.AddListeners());

        await application.Scope.GetRequiredService<IJobs>().PushAsync(new CountLetters(), cancellationToken: Cancellation);

        (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(1);
    }
}
