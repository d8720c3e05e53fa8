using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Listeners;

public sealed class MutingUnknownTests
{
    [Fact]
    public async Task Muting_an_id_that_no_listener_has_is_a_warning_that_names_the_nearest()
    {
        await using var application = await Application.StartAsync(carillon => carillon.Listen<SquareDrawn>(_ => { }, options => options.Id = "Audit.Note"));
        var registry = application.Services.GetRequiredService<IListenerRegistry>();

        registry.Mute("Audit.Note").Dispose();
        application.Log.Entries.ShouldNotContain(entry => entry.Id == 21);
        registry.Mute("Audit.Nota").Dispose();

        var warning = application.Log.Entries.Single(entry => entry.Id == 21);
        warning.Level.ShouldBe(LogLevel.Warning);
        warning.Message.ShouldContain("'Audit.Nota'");
        warning.Message.ShouldContain("Did you mean 'Audit.Note'?");
    }
}
