using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Carillon.Architecture.Tests.Dependencies;

/// <summary>Arrows between packages point down only: Abstractions, Carillon, stores; a package exists only for a dependency that its neighbour must not carry.</summary>
public sealed class PackageDependencyTests
{
    private const string Framework = @"System(\..+)?|netstandard|Microsoft\.Win32\..+";

    // What the package may bring along, and what its code may use: a pattern for the whole name of an assembly.
    private static readonly Dictionary<string, string> MayUse = new()
    {
        ["Carillon.Abstractions"] = "",
        ["Carillon"] = @"Carillon\.Abstractions|Microsoft\.Extensions\..+\.Abstractions|Microsoft\.Extensions\.Options",
        ["Carillon.AspNetCore"] = @"Carillon(\.Abstractions)?|Microsoft\.Extensions\..+\.Abstractions|Microsoft\.Extensions\.(Features|Options|Diagnostics\.HealthChecks)|Microsoft\.AspNetCore\..+",
        ["Carillon.Conformance"] = @"Carillon(\.Abstractions)?|Shouldly|xunit\.v3\.(extensibility\.core|core|common)",
        ["Carillon.EntityFrameworkCore"] = @"Carillon(\.Abstractions)?|Microsoft\.Extensions\..+\.Abstractions|Microsoft\.EntityFrameworkCore(\.Abstractions|\.Relational)?",
        ["Carillon.Postgres"] = @"Carillon(\.Abstractions)?|Microsoft\.Extensions\..+\.Abstractions|Microsoft\.Extensions\.Options|Npgsql",
        ["Carillon.Quartz"] = @"Carillon(\.Abstractions)?|Quartz",
        ["Carillon.RabbitMq"] = @"Carillon(\.Abstractions)?|Microsoft\.Extensions\..+\.Abstractions|Microsoft\.Extensions\.Options|RabbitMQ\.Client",
        ["Carillon.Redis"] = @"Carillon(\.Abstractions)?|Microsoft\.Extensions\..+\.Abstractions",
        ["Carillon.Sqlite"] = @"Carillon(\.Abstractions)?|Microsoft\.Extensions\..+\.Abstractions|Microsoft\.Extensions\.Options"
            + @"|Microsoft\.Data\.Sqlite(\.Core)?|SQLitePCLRaw\..+",
        ["Carillon.Testing"] = @"Carillon(\.Abstractions)?|Microsoft\.Extensions\..+\.Abstractions|Microsoft\.Extensions\.Options",
    };

    public static TheoryData<string> PackageNames => Packages.AsTheory();

    [Theory]
    [MemberData(nameof(PackageNames))]
    public void The_code_of_a_package_uses_only_what_the_table_allows(string package)
    {
        var used = Packages.Load(package).GetReferencedAssemblies().Select(assembly => assembly.Name!);

        used.Where(name => !Allowed(package, name) && !Matches(Framework, name)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(PackageNames))]
    public void A_package_brings_along_only_what_the_table_allows(string package)
    {
        var project = XDocument.Parse(Repository.Text($"src/{package}/{package}.csproj"));
        var brought = project.Descendants()
            .Where(element => element.Name.LocalName is "PackageReference" or "ProjectReference" && (string?)element.Attribute("PrivateAssets") != "all")
            .Select(element => Path.GetFileNameWithoutExtension(element.Name.LocalName == "ProjectReference"
                ? (string)element.Attribute("Include")!
                : (string)element.Attribute("Include")! + ".csproj"));

        brought.Where(name => !Allowed(package, name)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_package_is_in_the_table() =>
        Repository.Files("src", "*.csproj").Select(Path.GetFileNameWithoutExtension)
            .Except(Packages.InsideCarillon)
            .ShouldBe(Packages.Names, ignoreOrder: true);

    private static bool Allowed(string package, string name) => Matches(MayUse[package], name);

    private static bool Matches(string pattern, string name) => Regex.IsMatch(name, $"^({pattern})$");
}
