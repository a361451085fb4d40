-- Gives out the strength of the spring tooth by tooth. Part 5 of 10.

minetest.register_craftitem("clockwork_escapement:escapement", {
	description = "Escapement",
	inventory_image = "clockwork_escapement.png",
	groups = { clockwork = 1 },
})

minetest.register_craft({
	output = "clockwork_escapement:escapement",
	recipe = { { "clockwork_mainspring:mainspring", "default:bronze_ingot" } },
})

minetest.log("action", "[clockwork_escapement] part 5 of 10")
