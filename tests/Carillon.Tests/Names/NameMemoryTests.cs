using Carillon.Dispatch.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Names;

// Conformance 97
public sealed class NameMemoryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nobody")]
    [InlineData("somebody")]
    public async Task Names_that_are_made_up_without_end_are_forgotten(string entity)
    {
        await using var app = await Application.StartAsync(carillon => carillon.Listen("somebody.#", (NamedEvent _) => { }));

        for (var number = 0; number < 10 * RecentNames.Room; number++)
        {
            await app.Events.EmitAsync($"{entity}.{number}", cancellationToken: Token);
        }

        app.Services.GetRequiredService<PlanTable>().Names.Recent.Count.ShouldBeLessThanOrEqualTo(2 * RecentNames.Room);
    }

    [Fact]
    public async Task A_name_that_is_in_use_stays_among_those_that_are_not()
    {
        await using var app = await Application.StartAsync(carillon => carillon.Listen("#", (NamedEvent _) => { }));
        var names = app.Services.GetRequiredService<PlanTable>().Names;
        var used = names.Recent.Add(names.Find("in.use"));

        for (var number = 0; number < 3 * RecentNames.Room; number++)
        {
            await app.Events.EmitAsync($"once.{number}", cancellationToken: Token);
            if (number % 100 == 0)
            {
                names.Recent.Find("in.use").ShouldBeSameAs(used);
            }
        }
    }

    [Fact]
    public async Task Names_that_a_listener_has_written_down_are_never_forgotten_nor_among_the_recent_ones()
    {
        var count = 0;
        await using var app = await Application.StartAsync(carillon =>
        {
            for (var number = 0; number < 3 * RecentNames.Room; number++)
            {
                carillon.Listen($"written.{number}", (NamedEvent _) => { count++; });
            }
        });
        var names = app.Services.GetRequiredService<PlanTable>().Names;
        var first = names.Find("written.0");

        for (var number = 0; number < 3 * RecentNames.Room; number++)
        {
            await app.Events.EmitAsync($"written.{number}", cancellationToken: Token);
        }

        count.ShouldBe(3 * RecentNames.Room);
        names.Find("written.0").ShouldBeSameAs(first);
        names.Recent.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Payloads_of_ever_more_types_under_one_name_are_all_taken()
    {
        var count = 0;
        await using var app = await Application.StartAsync(carillon => carillon.Listen("a.b", (object _) => { count++; }));
        object[] payloads =
        [
            1, 2L, 3u, 4ul, (short)5, (ushort)6, (byte)7, (sbyte)8, 9f, 10d, 11m, 'c', "text", true, Guid.Empty, TimeSpan.Zero, DateTime.MinValue, DateTimeOffset.MinValue,
            new Version(1, 2), new object(), Array.Empty<int>(), Array.Empty<long>(), new List<int>(), Token,
        ];

        for (var time = 0; time < 3; time++)
        {
            foreach (var payload in payloads)
            {
                await app.Events.EmitAsync("a.b", payload, Token);
            }
        }

        count.ShouldBe(3 * payloads.Length);
    }
}
