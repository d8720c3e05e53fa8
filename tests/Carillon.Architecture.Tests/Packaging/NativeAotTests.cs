using System.Reflection;
using System.Text.RegularExpressions;

namespace Carillon.Architecture.Tests.Packaging;

/// <summary>Who publishes with NativeAOT reads one table, and the compiler reads the assemblies.</summary>
public sealed partial class NativeAotTests
{
    [Fact]
    public void The_page_says_of_each_package_what_its_assembly_says()
    {
        var said = Row().Matches(Repository.Text("docs/native-aot.md")).Select(static row => $"{row.Groups["package"]} {row.Groups["claim"]}");

        said.ShouldBe(Packages.Names.Select(static name => $"{name} {(IsTrimmable(Packages.Load(name)) ? "yes" : "no")}"), ignoreOrder: true);
    }

    private static bool IsTrimmable(Assembly assembly) =>
        assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(static metadata => metadata is { Key: "IsTrimmable", Value: "True" });

    [GeneratedRegex(@"^\| `(?<package>[\w.]+)` \| (?<claim>yes|no) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
