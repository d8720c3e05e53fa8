using System.IO.Compression;
using System.Xml.Linq;

namespace Carillon.Architecture.Tests.Packaging;

[Collection(nameof(PackedSolution))]
public sealed class PackageContentTests(PackedSolution packed)
{
    public static TheoryData<string> PackageNames => Packages.AsTheory();

    [Fact]
    public void Exactly_the_packages_are_packed()
    {
        packed.Made("nupkg").ShouldBe(Packages.Names, ignoreOrder: true);
        packed.Made("snupkg").ShouldBe(Packages.Names, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(PackageNames))]
    public void A_package_holds_its_library_its_documentation_and_its_readme(string package)
    {
        using var archive = packed.Open(package);

        archive.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("lib/", StringComparison.Ordinal))
            .ShouldBe([$"lib/net10.0/{package}.dll", $"lib/net10.0/{package}.xml"], ignoreOrder: true);
        archive.GetEntry("README.md").ShouldNotBeNull().Length.ShouldBeGreaterThan(0);
    }

    [Theory]
    [MemberData(nameof(PackageNames))]
    public void A_package_says_its_licence_and_what_it_is_for(string package)
    {
        using var archive = packed.Open(package);
        var metadata = Metadata(archive, package);

        Value("license").ShouldBe("MIT");
        Value("readme").ShouldBe("README.md");
        Value("description").ShouldNotBe("Package Description");
        Value("authors").ShouldNotBe(package);
        Value("tags").ShouldNotBeEmpty();

        string Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
    }

    [Theory]
    [MemberData(nameof(PackageNames))]
    public void A_package_has_its_symbols(string package)
    {
        using var archive = packed.Open(package, "snupkg");

        archive.GetEntry($"lib/net10.0/{package}.pdb").ShouldNotBeNull();
    }

    [Fact]
    public void The_generator_the_analyzers_and_their_fixes_travel_inside_Carillon_and_nowhere_else()
    {
        var carriers = Packages.Names.SelectMany(package =>
        {
            using var archive = packed.Open(package);
            return archive.Entries.Where(entry => entry.FullName.StartsWith("analyzers/", StringComparison.Ordinal) || Packages.InsideCarillon.Any(name => entry.Name.StartsWith(name, StringComparison.Ordinal)))
                .Select(entry => $"{package}: {entry.FullName}").ToList();
        });

        carriers.ShouldBe(Packages.InsideCarillon.Select(name => $"Carillon: analyzers/dotnet/cs/{name}.dll"), ignoreOrder: true);
    }

    [Fact] // what they report names its page, and who installs the package has no other
    public void The_pages_of_the_diagnostics_travel_with_the_analyzers()
    {
        using var archive = packed.Open("Carillon");

        archive.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("docs/", StringComparison.Ordinal))
            .ShouldBe(
                Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "diagnostics"), "CARILLON*.md").Select(file => $"docs/diagnostics/{Path.GetFileName(file)}"),
                ignoreOrder: true);
    }

    // NuGet leaves analyzers out of what a package hands on, unless it is told not to.
    [Theory]
    [InlineData("Carillon.AspNetCore")]
    [InlineData("Carillon.Conformance")]
    [InlineData("Carillon.EntityFrameworkCore")]
    [InlineData("Carillon.Sqlite")]
    [InlineData("Carillon.Testing")]
    public void A_package_on_top_of_Carillon_hands_the_generator_on(string package)
    {
        using var archive = packed.Open(package);
        var carillon = Metadata(archive, package).Descendants()
            .Single(element => element.Name.LocalName == "dependency" && (string?)element.Attribute("id") == "Carillon");

        ((string?)carillon.Attribute("exclude") ?? "").ShouldNotContain("Analyzers");
    }

    private static XElement Metadata(ZipArchive archive, string package)
    {
        using var stream = archive.GetEntry(package + ".nuspec").ShouldNotBeNull().Open();
        return XDocument.Load(stream).Root!.Elements().Single();
    }
}
