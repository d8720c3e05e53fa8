using System.Xml.Linq;

namespace Carillon.Architecture.Tests.Sources;

public sealed class SolutionTests
{
    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var listed = XDocument.Parse(Repository.Text("Carillon.slnx")).Descendants("Project").Select(project => (string)project.Attribute("Path")!);

        listed.ShouldBe(Repository.Files("*.csproj"), ignoreOrder: true, "./test builds the solution: what is not in it is not tested");
    }
}
