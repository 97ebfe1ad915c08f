using Keda.Inference.LoadTest.CommandLine;

return await LoadTestProgram.RunAsync(args, Console.Out, Console.Error);
