using System.Xml.Linq;

namespace Architecture.Tests;

public sealed class ProjectTests
{
    private static readonly string[] Folders = ["protos", "services", "standins", "tests", "samples"];

    private static IEnumerable<string> Projects => Folders
        .Where(folder => Directory.Exists(Path.Combine(RepositoryFiles.Root, folder)))
        .SelectMany(folder => RepositoryFiles.Under(folder, "*.csproj"));

    [Fact]
    public void Solution_ListsItsProjects_IsComplete()
    {
        var listed = XDocument.Parse(RepositoryFiles.Read("Mainstay.slnx")).Descendants("Project").Select(project => project.Attribute("Path")!.Value);

        Assert.Equal(Projects.Order(), listed.Order());
    }

    [Fact]
    public void Service_ReferencesProjects_NeverAnotherService()
    {
        var references =
            from project in Projects.Where(path => path.StartsWith("services/", StringComparison.Ordinal))
            from reference in ReferencesOf(project)
            where reference.StartsWith("services/", StringComparison.Ordinal) && !reference.StartsWith("services/shared/", StringComparison.Ordinal)
            select $"{project} references {reference}";

        Assert.Empty(references);
    }

    [Fact]
    public void Service_ReferencesProjects_OnlySharedAndContracts()
    {
        var references =
            from project in Projects.Where(path => path.StartsWith("services/", StringComparison.Ordinal))
            from reference in ReferencesOf(project)
            where !reference.StartsWith("services/shared/", StringComparison.Ordinal) && !reference.StartsWith("protos/", StringComparison.Ordinal)
            select $"{project} references {reference}";

        Assert.Empty(references);
    }

    [Fact]
    public void Project_ReferencesPackages_LeavesVersionsToTheCentralList()
    {
        var versioned =
            from project in Projects
            from reference in XDocument.Parse(RepositoryFiles.Read(project)).Descendants("PackageReference")
            where reference.Attribute("Version") is not null
            select $"{project}: {reference.Attribute("Include")?.Value}";

        Assert.Empty(versioned);
    }

    private static IEnumerable<string> ReferencesOf(string project) =>
        from reference in XDocument.Parse(RepositoryFiles.Read(project)).Descendants("ProjectReference")
        let include = reference.Attribute("Include")!.Value.Replace("$(RepositoryRoot)", RepositoryFiles.Root + "/", StringComparison.Ordinal)
        let path = Path.GetFullPath(Path.Combine(RepositoryFiles.Root, Path.GetDirectoryName(project)!, include))
        select Path.GetRelativePath(RepositoryFiles.Root, path).Replace('\\', '/');
}
