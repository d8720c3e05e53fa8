using System.Xml.Linq;

namespace Carillon.Architecture.Tests.Sources;

public sealed class SolutionTests
{
    // Programs whose sources `./bench startup` writes before it builds them.
    private static readonly string[] BuiltElsewhere =
    [
        "benchmarks/Carillon.Benchmarks.Startup.Empty/Carillon.Benchmarks.Startup.Empty.csproj",
        "benchmarks/Carillon.Benchmarks.Startup.PlainContainer/Carillon.Benchmarks.Startup.PlainContainer.csproj",
        "benchmarks/Carillon.Benchmarks.Startup.WithCarillon/Carillon.Benchmarks.Startup.WithCarillon.csproj",
    ];

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var listed = XDocument.Parse(Repository.Text("Carillon.slnx")).Descendants("Project").Select(project => (string)project.Attribute("Path")!);

        listed.ShouldBe(Repository.Files("*.csproj").Except(BuiltElsewhere), ignoreOrder: true, "./test builds the solution: what is not in it is not tested");
    }
}
