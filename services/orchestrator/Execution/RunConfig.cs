using Google.Protobuf.WellKnownTypes;
using Mainstay.Llm.V1;

namespace Mainstay.Orchestrator.Execution;

/// <summary>What a run is pinned to: resolved once at its beginning, stored with the task.</summary>
/// <param name="Model">The model route.</param>
/// <param name="Temperature">Sampling temperature; null for the provider's default.</param>
/// <param name="AnswerSkill">The skill whose output schema the answer must fit.</param>
/// <param name="AnswerVersion">That skill's version.</param>
/// <param name="HasOutputSchema">Whether it has one; without, the answer is free text.</param>
/// <param name="Tools">The tools offered to the model.</param>
/// <param name="MaxOutputTokens">The most tokens of one answer; 0 for the model route's.</param>
internal sealed record RunConfig(
    string Model, double? Temperature, string AnswerSkill, string AnswerVersion, bool HasOutputSchema, IReadOnlyList<OfferedTool> Tools, int MaxOutputTokens = 0);

/// <summary>A tool as a model sees it.</summary>
/// <param name="Name">Its name for the model: [a-zA-Z0-9_-], at most 64 characters.</param>
/// <param name="Connector">The connector.</param>
/// <param name="ToolName">The tool's name within the connector.</param>
/// <param name="Description">What it does.</param>
/// <param name="InputSchema">JSON Schema of its arguments.</param>
internal sealed record OfferedTool(string Name, string Connector, string ToolName, string Description, string InputSchema)
{
    /// <summary>The tool as the LLM gateway takes it.</summary>
    public ToolDefinition ToDefinition() => new() { ToolName = Name, Description = Description, InputSchema = Struct.Parser.ParseJson(InputSchema) };
}
