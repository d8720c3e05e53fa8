using System.Xml.Linq;

namespace Carillon.Architecture.Tests.Packaging;

/// <summary>What somebody has who installs a package and nothing else.</summary>
[Collection(nameof(PackedSolution))]
public sealed class NewApplicationTests(PackedSolution packed) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("carillon-application-");

    private static string MachinesPackages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    // The one that this repository restores too: it is on the machine.
    private static string ContainerVersion =>
        (string)XDocument.Parse(Repository.Text("Directory.Packages.props")).Descendants("PackageVersion")
            .Single(package => (string?)package.Attribute("Include") == "Microsoft.Extensions.DependencyInjection")
            .Attribute("Version")!;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("Carillon")]
    [InlineData("Carillon.Sqlite")]
    public async Task A_new_application_that_installs_one_package_dispatches_to_a_listener(string package)
    {
        Write("nuget.config", $"""
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="{Path.Combine(_folder.FullName, "packages")}" />
              </config>
              <fallbackPackageFolders>
                <add key="machine" value="{MachinesPackages}" />
              </fallbackPackageFolders>
              <packageSources>
                <add key="carillon" value="{packed.Folder}" />
              </packageSources>
            </configuration>
            """);
        Write("Application.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NoWarn>NU1900;NETSDK1206</NoWarn>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{packed.Version}" />
                <PackageReference Include="Microsoft.Extensions.DependencyInjection" Version="{ContainerVersion}" />
              </ItemGroup>
            </Project>
            """);
        Write("Program.cs", """
            using Carillon;
            using Microsoft.Extensions.DependencyInjection;

            await using var services = new ServiceCollection()
                .AddCarillon(carillon => carillon.AddListeners())
                .BuildServiceProvider();
            await using var scope = services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new OrderPlaced(42));

            public sealed record OrderPlaced(int Number);

            public sealed class OrderListeners
            {
                [OnEvent]
                public void Announce(OrderPlaced placed) => Console.WriteLine($"order {placed.Number} was heard");
            }
            """);

        var output = await DotnetCommand.RunAsync(_folder.FullName, TestContext.Current.CancellationToken, "run");

        output.ShouldContain("order 42 was heard");
    }

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder.FullName, file), text);
}
