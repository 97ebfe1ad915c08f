using Keda.Inference.Ingress.DeadLetters;
using Keda.Inference.Ingress.Hosting;
using Microsoft.Extensions.Options;

if (args is [DeadLetterCommand.Name, ..])
    return await DeadLetterCommand.RunAsync(args, Console.Out, Console.Error);

try
{
    await using var app = IngressApplication.Build(args);
    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException wrong)
{
    foreach (var failure in wrong.Failures)
        await Console.Error.WriteLineAsync($"configuration: {failure}");
    return 2;
}
catch (IOException taken) when (taken.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
{
    await Console.Error.WriteLineAsync($"configuration: {taken.Message} Choose another Ingress:Port.");
    return 2;
}
