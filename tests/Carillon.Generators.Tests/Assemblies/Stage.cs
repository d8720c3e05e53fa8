namespace Carillon.Generators.Tests.Assemblies;

/// <summary>What every application of these tests has: a host, and a list of what its listeners have done.</summary>
internal static class Stage
{
    /// <summary>In a library of events, so that every module can write to it.</summary>
    internal const string Trail = """

        public static class Trail
        {
            public static readonly List<string> Steps = new();
            public static void Add(string step) => Steps.Add(step);
        }

        """;

    /// <summary>The application's story: the builder is told what to add, then the events are dispatched.</summary>
    /// <param name="configure">Statements with <c>carillon</c> and <c>services</c>.</param>
    /// <param name="dispatch">Statements with <c>events</c>, the dispatcher of a scope, and <c>host</c>.</param>
    internal static string Story(string configure, string dispatch) => $$"""
        using Carillon;
        using Carillon.Listeners;
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.Extensions.Hosting;

        internal static class Story
        {
            internal static async Task<IReadOnlyList<string>> TellAsync()
            {
                Trail.Steps.Clear();
                var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
                var services = builder.Services;
                services.AddCarillon(carillon => { {{configure}} });
                using var host = builder.Build();
                try
                {
                    await host.StartAsync();
                }
                catch (CarillonConfigurationException error)
                {
                    return error.Problems;
                }

                using var scope = host.Services.CreateScope();
                var events = scope.ServiceProvider.GetRequiredService<IEventDispatcher>();
                {{dispatch}}
                await host.StopAsync();
                return Trail.Steps;
            }
        }

        """;
}
