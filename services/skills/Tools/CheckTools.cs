using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Tools;

/// <summary>Holds a version's tools to what the tool gateway offers the caller, as strictly as the policy says.</summary>
internal sealed class CheckTools(SkillsPolicy policy, OfferedTools? offered = null)
{
    private const string Any = "*";

    /// <summary>What to mend; refuses instead where a version that is to be published must not have it.</summary>
    public async Task<IReadOnlyList<string>> ExecuteAsync(Skill skill, bool isDraft, CallerContext caller, CancellationToken cancellationToken)
    {
        if (offered is null || skill.AllowedTools.Count == 0)
        {
            return [];
        }

        var named = skill.AllowedTools.Select((tool, index) => new NamedTool(index, tool.Split('.', 2)[0], tool.Split('.', 2)[1])).ToList();
        var answers = await Task.WhenAll(named.Select(tool => tool.Connector).Distinct()
            .Select(async connector => (Connector: connector, Tools: await offered.OfAsync(connector, caller, cancellationToken))));
        var tools = answers.ToDictionary(answer => answer.Connector, answer => answer.Tools, StringComparer.Ordinal);

        var unknown = named.Where(tool => tools[tool.Connector] is { } known && !(tool.Name == Any ? known.Count > 0 : known.Contains(tool.Name))).ToList();
        var unsaid = tools.Where(connector => connector.Value is null).Select(connector => connector.Key).ToList();
        if (!isDraft && policy.RefusesUnknownTools)
        {
            Refuse(skill, unknown, unsaid);
        }

        return
        [
            .. unknown.Select(tool => $"{tool.Field}: {tool.Problem}."),
            .. unsaid.Select(connector => $"The tools of the connector '{connector}' could not be checked: the tool gateway does not say which it has."),
        ];
    }

    private static void Refuse(Skill skill, List<NamedTool> unknown, List<string> unsaid)
    {
        if (unknown.Count > 0)
        {
            throw SkillErrors.ToolUnknown([.. unknown.Select(tool => (tool.Field, tool.Problem))]);
        }

        if (unsaid.Count > 0)
        {
            throw SkillErrors.ToolsUnchecked(skill.SkillName, skill.Version, unsaid);
        }
    }

    private sealed record NamedTool(int Index, string Connector, string Name)
    {
        public string Field => $"skill.allowed_tools[{Index}]";

        public string Problem => $"names no tool that the tool gateway offers you: '{Connector}.{Name}'; ListTools of the tool gateway says which there are";
    }
}
