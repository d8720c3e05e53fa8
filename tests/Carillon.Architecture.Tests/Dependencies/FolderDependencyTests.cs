namespace Carillon.Architecture.Tests.Dependencies;

public sealed class FolderDependencyTests
{
    private static readonly Lazy<IReadOnlyList<(string File, string From, string To, string Type)>> Uses = new(() =>
    [
        .. from use in SourceModel.Of("Carillon").Uses()
           let declared = use.Used.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree.FilePath
           where declared is not null
           let arrow = (use.File, From: Folders.Of(use.File), To: Folders.Of(declared), Type: use.Used.ToString())
           where arrow.From != arrow.To
           select arrow,
    ]);

    [Fact]
    public void A_folder_of_the_core_uses_only_the_folders_that_the_table_allows()
    {
        var forbidden = Uses.Value
            .Where(use => use.From != Folders.Root && use.To != Folders.Root)
            .Where(use => !Folders.MayUse.TryGetValue(use.From, out var allowed) || !allowed.Contains(use.To))
            .Where(use => !Folders.Upward.Any(upward => upward.From == use.From && upward.To == use.Type))
            .Select(use => $"{use.File} uses {use.Type}: {use.From} may not use {use.To}. Turn the arrow round, or change Folders.cs and say why.");

        forbidden.ShouldBeEmpty();
    }

    [Fact]
    public void The_table_of_folders_has_no_cycle()
    {
        var known = new List<string>();
        foreach (var (folder, used) in Folders.MayUse)
        {
            used.Except(known).ShouldBeEmpty($"{folder} may use only folders that stand above it in the table");
            known.Add(folder);
        }
    }

    [Fact]
    public void Every_exception_in_the_table_is_still_needed()
    {
        var idle = Folders.Upward.Where(upward => !Uses.Value.Any(use => use.From == upward.From && use.Type == upward.To));

        idle.ShouldBeEmpty("the arrow is gone: take it out of Folders.cs");
    }

    [Fact]
    public void Every_folder_of_the_core_is_in_the_table()
    {
        var folders = Repository.Files("src/Carillon", "*.cs").Select(Folders.Of).Distinct().Where(folder => folder != Folders.Root);

        folders.ShouldBe(Folders.MayUse.Keys, ignoreOrder: true);
    }
}
