using Mainstay.Audit.Sinks;
using Mainstay.Testing;

namespace Mainstay.Audit.Tests.Sinks;

public sealed class SinkTypesTests
{
    public static TheoryData<string> Types => [.. AuditApplication.SinkTypes.Select(type => type.Type)];

    [Fact]
    public void SinkTypes_EveryOneInTheService_IsRegisteredAndHasAFolderOfItsOwn()
    {
        var types = typeof(AuditApplication).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(ISinkType)) && !type.IsInterface).ToList();

        Assert.Equal(types.Select(type => type.Name).Order(), AuditApplication.SinkTypes.Select(type => type.GetType().Name).Order());
        Assert.Equal(types.Count, types.Select(type => type.Namespace).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Readme_KeysOfAType_AreAllListed(string name)
    {
        var type = AuditApplication.SinkTypes.Single(type => type.Type == name);
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "services", "audit", "Sinks", "README.md"));
        var section = readme.Split($"### `{name}`")[1].Split("###")[0];

        Assert.All(type.Keys, key => Assert.Contains($"| `{key}` |", section, StringComparison.Ordinal));
        Assert.All(ReadSinks.CommonKeys, key => Assert.Contains($"| `{key}` |", readme, StringComparison.Ordinal));
    }
}
