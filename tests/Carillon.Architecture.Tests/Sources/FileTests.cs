namespace Carillon.Architecture.Tests.Sources;

public sealed class FileTests
{
    private const int MaxLines = 400;

    [Fact]
    public void No_source_file_has_more_than_400_lines()
    {
        var tooLong = Repository.Files("*.cs")
            .Select(file => (File: file, Lines: Repository.Lines(file).Length))
            .Where(file => file.Lines > MaxLines)
            .Select(file => $"{file.File} has {file.Lines} lines; split it by idea");

        tooLong.ShouldBeEmpty();
    }
}
