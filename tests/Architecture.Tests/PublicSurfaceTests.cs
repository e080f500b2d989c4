using System.Reflection;

namespace Architecture.Tests;

/// <summary>A stand-in may lack what the official package has, but not have what it lacks: code written on it must compile on the package.</summary>
public sealed class PublicSurfaceTests
{
    private static readonly string Lists = Path.Combine(RepositoryFiles.Root, "tests", "Architecture.Tests", "PublicSurface");

    public static TheoryData<string> Assemblies => [.. Directory.GetFiles(Lists, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file))];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void StandIn_HasNoMember_ThatTheOfficialPackageLacks(string assembly)
    {
        var official = Official(assembly);
        var invented = SurfaceReader.Types(Assembly.Load(assembly))
            .SelectMany(type => SurfaceReader.Members(type).Prepend("").Select(member => (Type: SurfaceReader.Header(type), Member: member)))
            .Where(own => !official.TryGetValue(own.Type, out var members) || (own.Member.Length > 0 && !members.Contains(own.Member)))
            .Select(own => $"{own.Type}: {own.Member}");
        Assert.Equal("", string.Join('\n', invented));
    }

    /// <summary>The documented public members of a package: a line for each type, its members indented below it.</summary>
    private static Dictionary<string, HashSet<string>> Official(string assembly)
    {
        var types = new Dictionary<string, HashSet<string>>();
        var members = new HashSet<string>();
        foreach (var line in File.ReadLines(Path.Combine(Lists, $"{assembly}.txt")))
        {
            if (line.StartsWith(' '))
            {
                members.Add(line.Trim());
            }
            else
            {
                types[line] = members = [];
            }
        }

        return types;
    }
}
