using Carillon.Tests.Transactions;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Generated;

public sealed class PhaseListenerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory] // B4, by one word on a method
    [InlineData(true, "inline, before ferry.left, after, completion")]
    [InlineData(false, "inline, rollback, completion")]
    public async Task A_method_waits_for_the_phase_that_its_attribute_names(bool commit, string expected)
    {
        await using var application = await TrafficApplication.StartAsync();
        var left = new FerryLeft([]);
        await using (var work = await application.Scope.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(new TestDatabase().Open(), Cancellation))
        {
            await application.Events.DispatchAsync(left, Cancellation);
            left.Seen.ShouldBe(["inline"]);
            if (commit)
            {
                await work.CommitAsync(Cancellation);
            }
        }

        string.Join(", ", left.Seen).ShouldBe(expected);
    }
}
