using Google.Protobuf.WellKnownTypes;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Aliases;

/// <summary>An alias or one of its moves as the database has it.</summary>
internal sealed record AliasRow(string Alias, string Version, string Author, DateTime MoveTime)
{
    /// <summary>The alias as the contract has it.</summary>
    public Alias ToAlias() => new() { Alias_ = Alias, Version = Version, Author = Author, MoveTime = Timestamp.FromDateTime(MoveTime) };
}
